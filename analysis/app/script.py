"""What Streamlit runs for each visitor. Workers that load it anew find nothing to do."""

if __name__ == "__main__":
    from analysis.app.page import page

    page()
