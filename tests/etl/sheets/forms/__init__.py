"""Workbooks of every layout, generated from declarations: each cell that is an observation says so itself."""
