"""What do the arrays of the method hold? Names for their element types."""

import numpy as np
import numpy.typing as npt

Seconds = npt.NDArray[np.int64]  # since the Unix epoch
Index = npt.NDArray[np.intp]  # row, column or position numbers
Counted = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
