"""Newman's JSON report of a Postman collection run."""
