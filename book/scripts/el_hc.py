"""The electron-liquid hole-crystal phase against the spacing of the layers, without the book."""

from ehbilayer.hartree_fock import solve_crystal

MASS_RATIO, R_S = 10, 7.0

print("d (a_h)   energy per pair (Ha_h)   hole gap (eps_F)   largest occupation at the cutoff")
for d in (0.5, 1.0, 2.0):
    state = solve_crystal(mass_ratio=MASS_RATIO, d=d, r_s=R_S, mesh=6, cutoff=2.0)
    if not state.converged:
        raise SystemExit(f"d = {d}: not converged, gradient norm {state.gradient_norm:.1e} Ha_h")
    edge = max(state.edge_occupation.values())
    print(f"{d:7.2f}   {state.energy_per_pair:22.6f}   {state.gap_indirect:16.3f}   {edge:32.1e}")
