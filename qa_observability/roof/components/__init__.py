"""What are pages made of? Every component in every state, from frozen examples."""
