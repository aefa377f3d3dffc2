"""Pictures for the report, drawn twice: wide for a desk and for paper, narrow for a phone."""

from nmixx.report.charts.canvas import Chart, Picture, draw
from nmixx.report.charts.curves import Curve, curves_chart
from nmixx.report.charts.dumbbell import Row, dumbbell_chart
from nmixx.report.charts.histograms import End, Panel, histograms_chart

__all__ = [
    "Chart",
    "Curve",
    "End",
    "Panel",
    "Picture",
    "Row",
    "curves_chart",
    "draw",
    "dumbbell_chart",
    "histograms_chart",
]
