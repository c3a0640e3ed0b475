"""What follows from the rows is written again: days of health, statuses, marks, leftovers."""
