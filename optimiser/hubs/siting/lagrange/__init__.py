"""Our own engine for sites without limits on what they hold: prices on demand, exchanges of sites, branch and bound.

The demand rows of :mod:`optimiser.hubs.siting.core` are priced with u_i (Cornuejols, Fisher and Nemhauser 1977,
Management Science 23, 789-810). For any u_i <= far_i

    L(u) = sum_i u_i + min over at most p sites of sum_j rho_j,      rho_j = f_j + sum_i min(0, c_ij - u_i)

is a lower limit of every plan, and what a site has to lose to be in (or out of) the least sum fixes sites for good.
"""
