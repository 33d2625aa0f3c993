"""Sites that hold only so much: prices on demand rows with a knapsack a site, exchanges of demand, sites fixed.

minimise    constant + sum_j f_j y_j + sum_ij c_ij x_ij
subject to  sum_j x_ij = 1                 for every demand i
            sum_i w_i x_ij <= s_j y_j      for every site j
            x_ij <= y_j                    for every pair
            sum_j s_j y_j >= sum_i w_i     (follows from the rows above, and makes the relaxation stronger)
            sum_j y_j <= p
            y_j whole; x_ij whole with a single source, else 0 <= x_ij <= 1
"""
