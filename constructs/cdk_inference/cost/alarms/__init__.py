"""Cost alarms, one file each."""
