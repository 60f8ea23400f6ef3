"""Letters as signed JSON to an address of the operator's, by Standard Webhooks 1.0.0."""
