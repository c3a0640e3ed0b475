"""The rules on plain values and arrays: no Django, no input or output, no clock."""
