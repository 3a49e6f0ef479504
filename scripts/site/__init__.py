"""What `mkdocs build` needs: pages of the reference, and links to files outside of docs/."""
