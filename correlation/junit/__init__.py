"""The JUnit XML dialects in the wild, and nobody else's business."""
