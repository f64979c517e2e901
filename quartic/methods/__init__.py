"""The methods of minimisation, one file each: a function that walks a `quartic.walk.Walk` to its end."""
