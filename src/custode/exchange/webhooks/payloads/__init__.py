"""The data of deliveries; the names are those of noCRM's API."""
