"""Plain Python that every storey may use: no Django, no input or output, no clock."""
