"""How CSDesk looks: the only floor that imports PySide6."""
