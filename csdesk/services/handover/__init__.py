"""Sales handovers: reading the workbooks that sales send, and keeping the record of each handover."""
