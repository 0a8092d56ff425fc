"""Words, numbers and times as all pages say them. Pure: no Streamlit."""
