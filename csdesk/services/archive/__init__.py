"""The whole store as a document that can be read without this program, and the way back in."""
