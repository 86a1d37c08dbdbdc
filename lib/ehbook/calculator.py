"""The closed forms of `ehbook.formulas` under sliders, with a map of T_c that follows them, in one piece of HTML.

Everything is evaluated in the page, without a network and without Python. Without JavaScript, and in print, the
element is hidden.
"""

import json
import re
from collections.abc import Mapping
from html import escape

import matplotlib as mpl
import numpy as np
from matplotlib.colors import to_hex

from ehbilayer import validation
from ehbook.formulas import FORMULAS, INPUTS, NOTES, javascript
from ehbook.plotting import SEQUENTIAL
from ehbook.widgets import SCRIPT, STYLE, identifier

__all__ = ["calculator_html"]

_STYLE = """
.eh-calculator .eh-inputs{display:grid;grid-template-columns:repeat(auto-fill,minmax(16rem,1fr));gap:0 1.5rem}
.eh-calculator .eh-pair{display:flex;gap:.5rem;align-items:center}
.eh-calculator .eh-pair input[type=range]{flex:1;min-width:0}
.eh-calculator input[type=number]{width:7.5rem;flex:none}
.eh-calculator .eh-map{position:sticky;top:3.2rem;z-index:2;background:var(--pst-color-surface,#f5f5f5);padding:.3rem 0}
.eh-calculator .eh-map svg{max-height:16rem;touch-action:manipulation;cursor:crosshair}
@media (max-width:720px){.eh-calculator .eh-map svg{max-height:11rem}}
@media (min-width:721px){.eh-calculator tbody{display:block;columns:2;column-gap:2rem}
.eh-calculator tr{display:flex;break-inside:avoid}.eh-calculator th{flex:5}.eh-calculator td{flex:4}}
.eh-calculator .eh-map p{margin:0}
.eh-calculator .eh-map small{min-height:2.6em}
"""

#: What the circles on the map are.
_PRESETS = (
    "Numbers: bilayers of the list, to be chosen here too; a dashed circle has other masses, another permittivity or "
    "another α than the map."
)

# Cells of the map: density to the right, spacing upwards.
_COLUMNS, _ROWS = 36, 22
#: Least and largest T_c in K of the colours.
_COLDEST, _HOTTEST = 0.01, 300.0
_COLORS = 24

_SCRIPT = """
(function(){
  @SHARED@
  var compute=@COMPUTE@;
  var data=JSON.parse(document.getElementById("@ID@-data").textContent), state=address("@ID@".slice(3));
  function get(part){return document.getElementById("@ID@-"+part)}
  var names=Object.keys(data.inputs), now={}, svg=get("map"), space="http://www.w3.org/2000/svg";
  function position(x,t){return x.log?Math.log(t/x.low)/Math.log(x.high/x.low):(t-x.low)/(x.high-x.low)}
  function value(x,u){return +(x.log?x.low*Math.pow(x.high/x.low,u):x.low+(x.high-x.low)*u).toPrecision(3)}
  function add(kind,attributes,text){
    var e=document.createElementNS(space,kind);
    Object.keys(attributes).forEach(function(k){e.setAttribute(k,attributes[k])});
    if(text)e.textContent=text;
    svg.appendChild(e);
    return e;
  }
  // The drawing is 400 by 230; the cells fill x0..x1, y0..y1.
  var x0=46,x1=392,y0=6,y1=186,n=data.inputs.density,s=data.inputs.d,cells=[],i,j;
  for(i=0;i<data.columns;i++)for(j=0;j<data.lines;j++)cells.push({i:i,j:j,e:add("rect",{
    x:x0+(x1-x0)*i/data.columns,y:y1-(y1-y0)*(j+1)/data.lines,
    width:(x1-x0)/data.columns+.3,height:(y1-y0)/data.lines+.3})});
  add("rect",{x:x0,y:y0,width:x1-x0,height:y1-y0,fill:"none",stroke:"currentColor"});
  function tick(text,x,y,anchor){add("text",{x:x,y:y,"text-anchor":anchor,"font-size":14,fill:"currentColor"},text)}
  for(i=Math.ceil(Math.log10(n.low));i<=Math.log10(n.high);i++)
    tick("10"+String(i).replace(/[0-9]/g,function(c){return "⁰¹²³⁴⁵⁶⁷⁸⁹"[c]}),
      x0+(x1-x0)*position(n,Math.pow(10,i)),y1+16,"middle");
  for(i=Math.ceil(Math.log10(s.low));i<=Math.log10(s.high);i++)
    tick(String(Math.pow(10,i)),x0-5,y1-(y1-y0)*position(s,Math.pow(10,i))+5,"end");
  tick("density (cm⁻²)",(x0+x1)/2,y1+36,"middle");
  add("text",{transform:"translate(14 "+(y0+y1)/2+") rotate(-90)","text-anchor":"middle","font-size":14,
    fill:"currentColor"},"spacing (nm)");
  // Presets, numbered as in the list: filled on the map of their masses, permittivity and alpha.
  var given=Object.keys(data.presets).map(function(k,i){
    var p=data.presets[k], u=position(n,p.density), v=position(s,p.d);
    if(!(u>=0&&u<=1&&v>=0&&v<=1))return null;
    var at={of:p,x:x0+(x1-x0)*u,y:y1-(y1-y0)*v,dot:add("circle",{r:7.5,stroke:"#000",fill:"#fff"})};
    at.dot.setAttribute("cx",at.x);at.dot.setAttribute("cy",at.y);
    add("text",{x:at.x,y:at.y+4.5,"text-anchor":"middle","font-size":12,"pointer-events":"none"},String(i+1));
    at.dot.appendChild(document.createElementNS(space,"title")).textContent=k;
    at.dot.addEventListener("click",function(e){e.stopPropagation();choose(k)});
    return at;
  }).filter(Boolean);
  var mark=add("circle",{r:11,fill:"none",stroke:"#D55E00","stroke-width":4,"pointer-events":"none"});
  function near(a,b){return Math.abs(a-b)<=.005*Math.abs(b)}
  function color(T){
    if(!(T>=data.coldest))return "none";
    var u=Math.log(T/data.coldest)/Math.log(data.hottest/data.coldest);
    return data.colors[Math.min(data.colors.length-1,Math.floor(u*data.colors.length))];
  }
  function changed(){
    var out={};
    names.forEach(function(k){if(now[k]!==data.inputs[k].start)out[k]=now[k]});
    return out;
  }
  function said(notes,found){
    return notes.filter(function(w){return found[w[0]]}).map(function(w){return w[1]}).join("; ");
  }
  function show(){
    names.forEach(function(k){
      get(k).value=Math.round(1000*position(data.inputs[k],now[k]));
      get(k).setAttribute("aria-valuetext",number(now[k])+" "+data.inputs[k].unit);
      var typed=get(k+"-number");
      if(document.activeElement!==typed)typed.value=now[k]>=1e5?String(now[k].toExponential()).replace("+",""):now[k];
    });
    var found=compute(now);
    data.rows.forEach(function(r){
      var cell=get("row-"+r.name), notes=said(r.notes,found);
      cell.textContent="";
      var strong=document.createElement("b");
      strong.textContent=number(found[r.name])+(r.unit?" "+r.unit:"");
      cell.appendChild(strong);
      if(notes){
        var small=document.createElement("small");
        small.textContent=notes;
        cell.appendChild(small);
      }
    });
    get("now").textContent=found.T_c>0?number(found.T_c)+" K":"no superconductivity";
    get("notes").textContent=said(data.notes,found);
    cells.forEach(function(c){
      var at={};
      names.forEach(function(k){at[k]=now[k]});
      at.density=n.low*Math.pow(n.high/n.low,(c.i+.5)/data.columns);
      at.d=s.low*Math.pow(s.high/s.low,(c.j+.5)/data.lines);
      c.e.setAttribute("fill",color(compute(at).T_c));
    });
    given.forEach(function(p){
      var same=["m_e","m_h","eps_r","alpha"].every(function(k){return !(k in p.of)||near(now[k],p.of[k])});
      p.dot.setAttribute("fill-opacity",same?1:.6);
      p.dot.setAttribute("stroke-dasharray",same?"none":"3 2");
    });
    mark.setAttribute("cx",x0+(x1-x0)*position(n,now.density));
    mark.setAttribute("cy",y1-(y1-y0)*position(s,now.d));
  }
  function set(k,x){
    if(data.inputs[k]&&isFinite(x))now[k]=Math.min(data.inputs[k].high,Math.max(data.inputs[k].low,x));
  }
  function start(){
    names.forEach(function(k){now[k]=data.inputs[k].start});
    var given=state.read();
    Object.keys(given).forEach(function(k){set(k,given[k])});
    show();
    return Object.keys(given).length;
  }
  var waiting=false;
  function soon(){if(!waiting){waiting=true;requestAnimationFrame(function(){waiting=false;show()})}}
  names.forEach(function(k){
    get(k).addEventListener("input",function(){set(k,value(data.inputs[k],get(k).value/1000));soon()});
    get(k).addEventListener("change",function(){state.write(changed())});
    get(k+"-number").addEventListener("input",function(e){if(e.target.value!=="")set(k,+e.target.value);soon()});
    get(k+"-number").addEventListener("change",function(){show();state.write(changed())});
    get(k+"-number").addEventListener("blur",show);
  });
  function choose(name){
    var chosen=data.presets[name]||{};
    get("preset").value=data.presets[name]?name:"";
    Object.keys(chosen).forEach(function(k){set(k,chosen[k])});
    show();state.write(changed());
  }
  get("preset").addEventListener("change",function(e){choose(e.target.value)});
  svg.addEventListener("click",function(e){
    var box=svg.getBoundingClientRect(), scale=Math.min(box.width/400,box.height/230);
    var x=(e.clientX-box.left-(box.width-400*scale)/2)/scale, y=(e.clientY-box.top-(box.height-230*scale)/2)/scale;
    if(x<x0||x>x1||y<y0||y>y1)return;
    set("density",value(n,(x-x0)/(x1-x0)));set("d",value(s,(y1-y)/(y1-y0)));
    show();state.write(changed());
  });
  document.getElementById("@ID@").classList.add("eh-live");
  window.addEventListener("hashchange",start);
  if(start())document.getElementById("@ID@").scrollIntoView();
})();
"""


def calculator_html(
    *,
    name: str,
    title: str,
    presets: Mapping[str, Mapping[str, float]] | None = None,
    start: Mapping[str, float] | None = None,
) -> str:
    """Sliders for `ehbook.formulas.INPUTS`, a table of what follows, and a map of T_c over density and spacing.

    Parameters
    ----------
    name : str
        The element's identifier is ``eh-`` and this name; its state stands in the address under the name.
    title : str
        Its heading.
    presets : mapping of str to mapping of str to float, optional
        For each name in the list, inputs to set; what lies outside the ranges of the sliders moves to their ends.
    start : mapping of str to float, optional
        Inputs at the beginning, within their ranges; by default those of `INPUTS`.

    Returns
    -------
    str
        HTML.

    Raises
    ------
    TypeError, ArgumentError
        If an input does not exist or a starting value lies outside its range.

    Examples
    --------
    >>> html = calculator_html(name="calculator", title="Closed forms", start={"d": 5.0})
    >>> html.count('type="range"') == len(INPUTS), "https:" in html, "src=" in html
    (True, False, False)
    """
    name = identifier(name)
    presets, start = dict(presets or {}), dict(start or {})
    for values in (start, *presets.values()):
        for key in values:
            validation.option("input", key, INPUTS)
    inputs = {
        key: {
            "unit": item.unit,
            "low": item.low,
            "high": item.high,
            "log": item.logarithmic,
            "start": validation.real(key, start.get(key, item.start), low=item.low, high=item.high),
        }
        for key, item in INPUTS.items()
    }
    shades = mpl.colormaps[SEQUENTIAL](np.linspace(0, 1, _COLORS))
    content = {
        "inputs": inputs,
        "rows": [
            {"name": key, "unit": item.unit, "notes": list(NOTES.get(key, {}).items()) if key != "T_c" else []}
            for key, item in FORMULAS.items()
            if item.label
        ],
        # Beside the map, where there is room for them.
        "notes": list(NOTES["T_c"].items()),
        "presets": {key: {k: float(v) for k, v in values.items()} for key, values in presets.items()},
        "colors": [to_hex(shade) for shade in shades],
        "coldest": _COLDEST,
        "hottest": _HOTTEST,
        "columns": _COLUMNS,
        "lines": _ROWS,
    }
    parts = [
        f'<style>{STYLE}{_STYLE}</style><section class="eh-card eh-calculator" id="{name}"'
        f' aria-labelledby="{name}-title"><p id="{name}-title"><strong>{escape(title)}</strong></p>',
        f'<label for="{name}-preset">Begin with <select id="{name}-preset"><option value="">this device</option>',
        *(
            f'<option value="{escape(key, quote=True)}">{number} {escape(key)}</option>'
            for number, key in enumerate(presets, 1)
        ),
        "</select></label>",
        '<div><div class="eh-map"><p>T<sub>c</sub> of the lighter carriers, BCS formula of paper A: '
        f'<output id="{name}-now"></output></p>',
        f'<svg id="{name}-map" viewBox="0 0 400 230" role="img" aria-label="Map of the transition temperature over'
        ' density and spacing at the chosen masses, permittivity and alpha; a ring marks the chosen point."></svg>',
        _key(shades),
        f"<small>{_PRESETS}</small>" if presets else "",
        f'<small id="{name}-notes" aria-live="polite"></small>',
        "</div>",
        '<div class="eh-inputs">',
    ]
    for key, item in INPUTS.items():
        label = f"{item.label} ({item.unit})" if item.unit else item.label
        parts.append(
            f'<div><label for="{name}-{key}">{escape(label)}</label><div class="eh-pair"><input type="range"'
            f' id="{name}-{key}" min="0" max="1000" step="1"><input type="number" id="{name}-{key}-number"'
            f' aria-label="{escape(label, quote=True)}" step="any" min="{item.low:g}" max="{item.high:g}"></div></div>'
        )
    parts.append('</div></div><table><caption>What follows</caption><tbody aria-live="off">')
    parts += [
        f'<tr><th scope="row">{_with_subscripts(item.label)}</th><td id="{name}-row-{key}"></td></tr>'
        for key, item in FORMULAS.items()
        if item.label
    ]
    parts.append("</tbody></table></section>")
    text = json.dumps(content, allow_nan=False, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    parts.append(f'<script type="application/json" id="{name}-data">{text}</script>')
    script = _SCRIPT.replace("@SHARED@", SCRIPT).replace("@COMPUTE@", javascript()).replace("@ID@", name)
    parts.append(f"<script>{script}</script>")
    return "\n".join(parts)


def _with_subscripts(label):
    """HTML of a label in which k_F stands for k with the index F."""
    return re.sub(r"_(\w)", r"<sub>\1</sub>", escape(label))


def _key(shades):
    """The colours with their temperatures, and what grey means."""
    decades = range(round(np.log10(_COLDEST)), int(np.log10(_HOTTEST)) + 1)
    span = np.log(_HOTTEST / _COLDEST)
    found = []
    for decade in decades:
        place = int(len(shades) * np.log(10.0**decade / _COLDEST) / span)
        found.append((to_hex(shades[min(place, len(shades) - 1)]), f"{10.0**decade:g} K"))
    found.append(("none", f"empty: below {_COLDEST:g} K or none"))
    return (
        '<p class="eh-key">'
        + "".join(f'<span><i style="background:{c}"></i>{text}</span>' for c, text in found)
        + "</p>"
    )
