"""Makes client packages from OpenAPI documents and overlays."""
