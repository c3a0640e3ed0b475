"""What does a file exported from Splunk say? The format, and nobody else's business."""
