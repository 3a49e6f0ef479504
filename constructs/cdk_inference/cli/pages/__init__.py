"""Reports as one HTML page each: an estimate, a review, a comparison. Nothing is loaded from elsewhere."""
