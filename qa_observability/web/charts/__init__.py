"""Charts as inline SVG, drawn by the server: geometry first, markup apart.

Across, positions are percentages of the plot; down, they are pixels. So a drawing fills
any width while its text and its strokes keep their size, without a script. Colours come
from CSS classes: the same markup serves light, dark, forced colours and print.
"""
