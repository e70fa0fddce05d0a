"""The checks, one file per area; `page_test.py` says what their lists mean."""
