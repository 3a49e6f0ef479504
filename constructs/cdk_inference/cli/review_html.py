"""A review as one HTML file. Nothing is loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from cdk_inference.cli import review_words as words
from cdk_inference.cli.html_parts import escaped, listed
from cdk_inference.review.finding import Finding
from cdk_inference.review.reviewing import Review

_FINDINGS_MAX = 500
_LIST_MAX = 200
_TEXT_MAX = 1000  # characters
_STYLE = """\
body{font:15px/1.45 system-ui,sans-serif;color:#1b2430;background:#fff;max-width:960px;margin:32px auto;padding:0 24px}
h1{font-size:20px;margin:0 0 16px}h1.bad{color:#a3201d}h1.good{color:#17663a}h1.unsure{color:#8a5a00}
h2{font-size:15px;margin:28px 0 8px}p{margin:3px 0}li{margin:2px 0;font-size:13px;color:#3a4452}ul{padding-left:18px}
article{border-left:4px solid #7a8797;padding:6px 12px;margin:10px 0;background:#f6f8fa}
article.error{border-color:#a3201d}article.warning{border-color:#c98a00}
article h3{font-size:14px;margin:0 0 4px;overflow-wrap:anywhere}article b{text-transform:uppercase;font-size:12px}
article p{font-size:14px}
table{border-collapse:collapse;font-size:13px}td,th{padding:5px 10px;border-bottom:1px solid #dfe4ea;text-align:right}
td:first-child,th:first-child{text-align:left}tr:last-child td{font-weight:600}
"""
_TONES = {"OK": "good", "NOT OK": "bad"}


def review_html(review: Review) -> str:
    """The whole page. Its first line holds the headline."""
    title = _text(words.headline(review))
    findings = review.findings[:_FINDINGS_MAX]
    more = len(review.findings) - len(findings)
    parts = [
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>',
        f"<style>\n{_STYLE}</style></head><body>",
        f'<h1 class="{_TONES.get(review.verdict, "unsure")}">{title}</h1>',
        *map(_article, findings),
        f"<p>and {more} more, the worst of which are above; JSON lists all</p>" if more > 0 else "",
        _costs(review),
        _list("Acknowledged", words.acknowledged_rows(review)),
        _list("Not compared", words.not_compared_rows(review)),
        _list("Validation report", [review.checks]),
        "</body></html>",
    ]
    return "\n".join(part for part in parts if part)


def _article(finding: Finding) -> str:
    head = f"<b>{finding.level}</b> {finding.rule}: {_text(words.place(finding))}"
    told = "".join(f"<p>{_text(sentence)}</p>" for sentence in words.sentences(finding))
    return f'<article class="{finding.level}"><h3>{head}</h3>{told}</article>'


def _costs(review: Review) -> str:
    rows = words.cost_rows(review)
    if not rows:
        return ""
    shown = rows if len(rows) <= _LIST_MAX else [*rows[:_LIST_MAX], rows[-1]]
    head = "".join(f"<th>{_text(name)}</th>" for name in words.COST_COLUMNS)
    body = "".join(f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in row)}</tr>\n" for row in shown)
    return f"<h2>Costs, from before to after</h2>\n<table><tr>{head}</tr>\n{body}</table>"


def _list(title: str, lines: Sequence[str]) -> str:
    return listed(title, lines, most=_LIST_MAX, characters=_TEXT_MAX)


def _text(text: str) -> str:
    return escaped(text, _TEXT_MAX)
