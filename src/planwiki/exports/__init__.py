"""The plan on paper: one view of what somebody may read, drawn as a page to print and as a PDF."""
