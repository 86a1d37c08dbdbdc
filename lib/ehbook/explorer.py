"""Sliders over a computed grid, in one piece of HTML that needs neither a network nor Python to be used.

The page holds the numbers themselves; moving a slider picks a grid point and interpolates nothing. What was
moved stands in the address. Without JavaScript, and in print, the element is hidden, so that a static figure must stand
beside it.
"""

import json
import math
import re
from collections.abc import Mapping
from html import escape
from typing import Any

import numpy as np
import xarray as xr

from ehbilayer import validation
from ehbilayer.errors import ArgumentError
from ehbook.plotting import COLORS
from ehbook.tables import scientific
from ehbook.widgets import SCRIPT, STYLE, identifier

__all__ = ["explorer_html"]

_SCRIPT = """
(function(){
  var box=document.getElementById("@ID@"), data=JSON.parse(document.getElementById("@ID@-data").textContent);
  var inputs=data.axes.map(function(a){return document.getElementById("@ID@-"+a.name)});
  @SHARED@
  var state=address("@ID@".slice(3)), began=inputs.map(function(e){return e.value});
  function update(){
    var at={};
    data.axes.forEach(function(a,i){
      var k=at[a.name]=+inputs[i].value, text=number(a.values[k])+" "+a.unit;
      inputs[i].setAttribute("aria-valuetext",text);
      document.getElementById("@ID@-"+a.name+"-out").textContent=text;
    });
    data.rows.forEach(function(r,i){
      var k=0;
      r.dims.forEach(function(d){
        k=k*data.axes.filter(function(a){return a.name===d})[0].values.length+at[d];
      });
      var v=r.values[k], cell=document.getElementById("@ID@-row-"+i);
      var note=r.notes[k].map(function(n){return data.notes[n]});
      cell.textContent="";
      var strong=document.createElement("b");
      strong.textContent=v===null?"none":typeof v==="number"?number(v)+" "+r.unit:v;
      cell.appendChild(strong);
      if(note.length){
        var small=document.createElement("small");
        small.textContent=note.join("; ");
        cell.appendChild(small);
      }
    });
    var mark=document.getElementById("@ID@-mark");
    if(mark){
      mark.setAttribute("x",data.map.x0+at[data.map.dims[0]]*data.map.w);
      mark.setAttribute("y",data.map.y0-(at[data.map.dims[1]]+1)*data.map.h);
    }
  }
  function place(values,x){
    var best=0;
    values.forEach(function(v,k){if(Math.abs(v-x)<Math.abs(values[best]-x))best=k});
    return best;
  }
  function restore(){
    var given=state.read(), some=false;
    data.axes.forEach(function(a,i){
      var known=given[a.name]!==undefined;
      some=some||known;
      inputs[i].value=known?place(a.values,given[a.name]):began[i];
    });
    update();
    return some;
  }
  inputs.forEach(function(e){
    e.addEventListener("input",update);
    e.addEventListener("change",function(){
      var out={};
      data.axes.forEach(function(a,i){if(inputs[i].value!==began[i])out[a.name]=a.values[inputs[i].value]});
      state.write(out);
    });
  });
  box.classList.add("eh-live");
  window.addEventListener("hashchange",restore);
  if(restore())box.scrollIntoView();
})();
"""


def explorer_html(
    data: xr.Dataset,
    *,
    name: str,
    title: str,
    axes: Mapping[str, tuple[str, str]],
    rows: Mapping[str, tuple[str, str]],
    notes: Mapping[str, str] | None = None,
    map_of: str | None = None,
    colors: Mapping[str, str] | None = None,
    start: Mapping[str, int] | None = None,
) -> str:
    """Sliders for the axes, a table of the values at the chosen point, and a map of one of them.

    Parameters
    ----------
    data : xarray.Dataset
        Variables over some of the axes; missing numbers are NaN, missing names empty.
    name : str
        The element's identifier is ``eh-`` and this name: letters, digits, ``-`` and ``_``; its state stands in the
        address under the name.
    title : str
        Its heading.
    axes, rows : dict of str to (str, str)
        For each coordinate and for each variable to show, its label and its unit.
    notes : dict of str to str, optional
        What flags mean: a variable ``x`` may have another, ``x_flags``, with flags separated by blanks at each
        point, which are shown as these sentences.
    map_of : str, optional
        Variable of names over the first two axes to draw as a map.
    colors : dict of str to str, optional
        Colour of each name in the map, as ``#rrggbb``; others follow the book's cycle.
    start : dict of str to int, optional
        Index at which a slider begins; by default the middle.

    Returns
    -------
    str
        HTML.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or names what is not in the data.

    Examples
    --------
    >>> data = xr.Dataset({"x2": ("x", [0.0, 1.0, 4.0])}, {"x": [0.0, 1.0, 2.0]})
    >>> axes = {"x": ("length", "nm")}
    >>> html = explorer_html(data, name="square", title="Square", axes=axes, rows={"x2": ("area", "nm²")})
    >>> html.count("<input"), "http" in html
    (1, False)
    """
    if not isinstance(data, xr.Dataset):
        raise TypeError(f"data is not allowed: need an xarray Dataset, got {type(data).__name__}")
    name = identifier(name)
    notes, start = notes or {}, start or {}
    for axis in axes:
        validation.option("axes", axis, map(str, data.coords))
    for row in rows:
        validation.option("rows", row, map(str, data.data_vars))
        for dim in data[row].dims:
            validation.option(f"dimension of {row}", dim, axes)
    known = list(notes)
    content = {
        "axes": [
            {"name": axis, "unit": unit, "values": [float(v) for v in data[axis].values]}
            for axis, (_, unit) in axes.items()
        ],
        "rows": [
            {
                "unit": unit,
                "dims": list(data[row].dims),
                "values": [_plain(v) for v in data[row].values.reshape(-1)],
                "notes": _notes(data, row, known),
            }
            for row, (_, unit) in rows.items()
        ],
        "notes": [notes[key] for key in known],
    }
    parts = [f'<style>{STYLE}</style><section class="eh-card eh-explorer" id="{name}" aria-labelledby="{name}-title">']
    parts.append(f'<p id="{name}-title"><strong>{escape(title)}</strong></p>')
    for axis, (label, _) in axes.items():
        last = data.sizes[axis] - 1
        at = validation.integer(f"start[{axis!r}]", start.get(axis, last // 2), low=0, high=last)
        slider = f"{name}-{axis}"
        parts.append(
            f'<label for="{slider}">{escape(label)}: <output id="{slider}-out"'
            f' for="{slider}"></output></label><input type="range" id="{slider}" min="0" max="{last}" step="1"'
            f' value="{at}">'
        )
    if map_of is not None:
        drawn, content["map"] = _map(
            data, name, axes, validation.option("map_of", map_of, map(str, data.data_vars)), colors or {}
        )
        parts.append(drawn)
    parts.append('<table><caption>At this point</caption><tbody aria-live="polite">')
    for index, (label, _) in enumerate(rows.values()):
        parts.append(f'<tr><th scope="row">{escape(label)}</th><td id="{name}-row-{index}"></td></tr>')
    parts.append("</tbody></table>")
    parts.append("</section>")
    # A closing tag inside the data would end the script element.
    text = json.dumps(content, allow_nan=False, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    parts.append(f'<script type="application/json" id="{name}-data">{text}</script>')
    parts.append(f"<script>{_SCRIPT.replace('@SHARED@', SCRIPT).replace('@ID@', name)}</script>")
    return "\n".join(parts)


def _plain(value: Any) -> str | float | None:
    """Number with four digits, name, or None."""
    if isinstance(value, str):
        return value or None
    value = float(value)
    return float(f"{value:.4g}") if math.isfinite(value) else None


def _number(value):
    return scientific(float(value)) if value and not 1e-3 <= abs(value) < 1e5 else f"{value:g}"


def _notes(data, row, known):
    flags = f"{row}_flags"
    if flags not in data:
        return [[] for _ in range(data[row].size)]
    texts = data[flags].transpose(*data[row].dims).values.reshape(-1)
    return [[known.index(flag) for flag in str(text).split() if flag in known] for text in texts]


def _map(data, name, axes, variable, given):
    """SVG of a variable of names over the first two axes, and the geometry that the marker needs."""
    first, second = list(axes)[:2]
    table = data[variable].transpose(first, second).values
    names = sorted({str(v) for v in table.reshape(-1)})
    colors = dict(zip(names, COLORS.values(), strict=False)) | given
    for color in colors.values():
        if not re.fullmatch(r"#[0-9A-Fa-f]{6}|[a-z]+", color):
            raise ArgumentError("colors", color, "'#rrggbb' or a name")
    width, height, left, bottom = 420 / len(table), 220 / table.shape[1], 70, 240
    label = f"Map of {variable} over {axes[first][0]} and {axes[second][0]}"
    parts = [f'<svg viewBox="0 0 500 290" role="img" aria-label="{escape(label, quote=True)}">']
    for i, j in np.ndindex(table.shape):
        x, y = left + i * width, bottom - (j + 1) * height
        shown = colors.get(str(table[i, j]), "#ffffff")
        place = [f"{_number(data[axis].values[k])} {axes[axis][1]}" for axis, k in ((first, i), (second, j))]
        hint = f"{table[i, j]}: {', '.join(place)}"
        parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
            f' fill="{shown}"><title>{escape(hint)}</title></rect>'
        )
    parts.append(
        f'<rect id="{name}-mark" width="{width:.1f}" height="{height:.1f}" fill="none" stroke="#000" stroke-width="4"/>'
    )
    text = '<text x="{}" y="{}" text-anchor="{}" font-size="15" fill="currentColor">{}</text>'
    ends = [(first, left + width / 2, 258, 0), (first, left + (len(table) - 0.5) * width, 258, -1)]
    ends += [
        (second, left - 6, bottom - height / 2 + 5, 0),
        (second, left - 6, bottom - (table.shape[1] - 0.5) * height + 5, -1),
    ]
    for axis, x, y, index in ends:
        anchor = "end" if axis == second else "middle"
        parts.append(text.format(f"{x:.0f}", f"{y:.0f}", anchor, _number(data[axis].values[index])))
    parts.append(text.format(280, 280, "middle", escape(f"{axes[first][0]} ({axes[first][1]})")))
    parts.append(text.format(4, 14, "start", escape(f"{axes[second][0]} ({axes[second][1]})")))
    parts.append("</svg>")
    keys = "".join(
        f'<span><i style="background:{colors.get(n, "#ffffff")}"></i>{escape(n or "none")}</span>' for n in names
    )
    return "".join(parts) + f'<p class="eh-key">{keys}</p>', {
        "dims": [first, second],
        "x0": left,
        "y0": bottom,
        "w": width,
        "h": height,
    }
