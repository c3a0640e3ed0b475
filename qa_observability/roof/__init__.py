"""The roof: pages that join the apps. It may see all of them; none may see it."""
