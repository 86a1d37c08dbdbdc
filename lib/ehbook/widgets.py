"""What the elements that move in a page share: style in both themes, numbers, and their state in the address."""

import re

from ehbilayer.errors import ArgumentError

#: Of every card; colours are those of the theme, light or dark, on the screen and none in print.
STYLE = """
div.cell_output div.output.text_html:has(>.eh-card){background:none!important;padding:0}
.eh-card{display:none;border:1px solid var(--pst-color-border,#888);border-radius:.4rem;padding:.8rem 1rem;
 max-width:60rem;background:var(--pst-color-surface,#f5f5f5);color:var(--pst-color-text-base,#222);color-scheme:light}
html[data-theme=dark] .eh-card{color-scheme:dark}
.eh-card.eh-live{display:block}
.eh-card label{display:block;margin:.4rem 0 0}
.eh-card input,.eh-card select{font:inherit;min-height:1.6rem}
.eh-card input[type=range]{width:100%;display:block;accent-color:#0072B2}
.eh-card input:focus-visible,.eh-card select:focus-visible{outline:3px solid #56B4E9;outline-offset:2px}
.eh-card output{font-weight:600}
.eh-card table{width:100%;border-collapse:collapse;margin:.8rem 0;display:table;color:inherit;background:none}
.eh-card tr,.eh-card tbody{background:none!important}
.eh-card th,.eh-card td,.eh-card caption{text-align:left;vertical-align:top;color:inherit;white-space:normal}
.eh-card th,.eh-card td{padding:.25rem .5rem .25rem 0;border-top:1px solid var(--pst-color-border,#aaa)}
.eh-card th{font-weight:400}
.eh-card td b{white-space:nowrap}
.eh-card small{display:block}
.eh-card svg{width:100%;height:auto;max-width:30rem;display:block}
.eh-card .eh-key span{display:inline-block;margin-right:1rem;white-space:nowrap}
.eh-card .eh-key i{display:inline-block;width:1em;height:1em}
.eh-card .eh-key i{border:1px solid #555;margin-right:.3em;vertical-align:-.1em}
@media print{.eh-card.eh-live{display:none}}
"""

#: Two JavaScript functions: a number as text, and the part of the address that belongs to an element.
SCRIPT = """
function number(x){
  var big=Math.abs(x)>=1e5||(x!==0&&Math.abs(x)<1e-3);
  var parts=(big?x.toExponential(1):String(+x.toPrecision(3))).split("e");
  var raised=parts[1]?" × 10"+parts[1].replace("+","").replace(/[-0-9]/g,function(c){return "⁰¹²³⁴⁵⁶⁷⁸⁹"[c]||"⁻"}):"";
  return parts[0].replace("-","−")+raised;
}
function address(name){
  function parts(){return location.hash.slice(1).split("&").filter(function(p){return p.indexOf("=")>0})}
  function own(p){return p.indexOf(name+".")===0}
  return {
    read:function(){
      var found={};
      parts().filter(own).forEach(function(p){
        var k=p.indexOf("="), value=Number(p.slice(k+1));
        if(p.slice(k+1)!==""&&isFinite(value))found[p.slice(name.length+1,k)]=value;
      });
      return found;
    },
    write:function(values){
      var rest=parts().filter(function(p){return !own(p)});
      Object.keys(values).forEach(function(k){rest.push(name+"."+k+"="+values[k])});
      history.replaceState(null,"",rest.length?"#"+rest.join("&"):location.pathname+location.search);
    }
  };
}
"""


def identifier(name: str) -> str:
    """The identifier of an element in the page; a heading may have the same name."""
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", name):
        raise ArgumentError("name", name, "letters, digits, '-' and '_'")
    return f"eh-{name}"
