"""The engine: any energy landscape, its minima, modes and excitations; it knows no model."""
