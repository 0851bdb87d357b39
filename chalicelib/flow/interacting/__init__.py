"""What passed between us and a contact."""
