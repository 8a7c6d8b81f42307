"""What the acceptance tests share: the truth in plain SQL, a client, and the two databases served."""
