"""`python -m lib.export FORMAT SHEET`: makes the file of the table on standard input (`lib.export.file` starts it)."""

import sys

from lib.export.file import Format, serve

if __name__ == "__main__":
    sys.stdout.buffer.write(serve(sys.stdin.buffer, Format(sys.argv[1]), sys.argv[2]))
