"""Tables as files: CSV and XLSX of exactly what is shown, their cells safe. Pure."""
