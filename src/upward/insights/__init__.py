"""From numbers to what may be said about them: findings, peers, targets, representation."""
