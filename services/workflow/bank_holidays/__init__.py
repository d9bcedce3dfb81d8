"""Bank holidays proclaimed while complaints are open: taken in, merged, told to every complaint."""
