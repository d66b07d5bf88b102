"""The floor of a leader's page: four figures and a grid of 200 rows, with nothing behind them."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

YEARS = [f"20{n}" for n in range(10, 30)]
for number in range(4):
    bars = [go.Bar(x=YEARS, y=[(n * k + number) % 17 for n in range(20)], name=f"{k}") for k in range(1, 4)]
    st.plotly_chart(go.Figure(bars), key=f"figure_{number}")
st.dataframe(pd.DataFrame({f"c{k}": [(n * k) % 101 for n in range(200)] for k in range(11)}))
