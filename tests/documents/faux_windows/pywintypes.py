"""Windows' error of COM, as pywin32 gives it."""


class com_error(Exception):  # noqa: N801 (its name)
    """`excepinfo`'s last is the device's own code."""

    def __init__(self, code):
        super().__init__(code)
        self.hresult, self.excepinfo = -2147352567, (0, None, None, None, 0, code - (1 << 32))
