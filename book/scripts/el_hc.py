"""Electron-liquid hole-crystal phase at three layer spacings."""

from ehbilayer.hartree_fock import solve_crystal

MASS_RATIO, R_S = 10, 7.0

print("d/a_h  energy/Ha_h  hole gap/eps_F  occupation at cutoff")
for d in (0.5, 1.0, 2.0):
    state = solve_crystal(mass_ratio=MASS_RATIO, d=d, r_s=R_S, mesh=6, cutoff=2.0)
    if not state.converged:
        residue = f"gradient norm {state.gradient_norm:.1e} Ha_h"
        raise SystemExit(f"d = {d} a_h: not converged, {residue}")
    energy, gap = state.energy_per_pair, state.gap_indirect
    edge = max(state.edge_occupation.values())
    print(f"{d:5.2f}  {energy:11.6f}  {gap:14.3f}  {edge:20.1e}")
