"""What broke, what does it cost, who looks after it? The pages of incidents."""
