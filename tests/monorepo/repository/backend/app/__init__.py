"""What the orchard's pages ask for."""
