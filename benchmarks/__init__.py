"""Speed and memory against a floor measured in the same run; a table of ratios. Nothing of it is asserted in a test.

python -m benchmarks [NAME …]    start import lists search stall plan
"""
