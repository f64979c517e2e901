"""A sweep, or a file of frequencies, as one page of HTML that needs nothing beside itself."""
