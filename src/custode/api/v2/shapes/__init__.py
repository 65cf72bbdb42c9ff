"""The shapes in which the API shows objects: one module per kind, with its fields and builders."""
