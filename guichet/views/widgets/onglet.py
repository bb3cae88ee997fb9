"""What every tab is to the window."""

from PySide6.QtWidgets import QWidget


class PageOnglet(QWidget):
    """A tab's page; `premier` is the control that takes the focus when the tab is chosen."""

    premier: QWidget
