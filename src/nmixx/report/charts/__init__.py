"""Pictures for the report, drawn twice: wide for a desk and for paper, narrow for a phone."""

from nmixx.report.charts.canvas import Chart, Picture, draw
from nmixx.report.charts.curves import Curve, curves_chart
from nmixx.report.charts.dumbbell import Row, dumbbell_chart
from nmixx.report.charts.funnel import Funnel, funnel_chart
from nmixx.report.charts.histograms import End, Panel, histograms_chart
from nmixx.report.charts.scatter import Map, Stop, map_chart, trade_chart
from nmixx.report.charts.strips import Strip, strips_chart

__all__ = [
    "Chart",
    "Curve",
    "End",
    "Funnel",
    "Map",
    "Panel",
    "Picture",
    "Row",
    "Stop",
    "Strip",
    "curves_chart",
    "draw",
    "dumbbell_chart",
    "funnel_chart",
    "histograms_chart",
    "map_chart",
    "strips_chart",
    "trade_chart",
]
