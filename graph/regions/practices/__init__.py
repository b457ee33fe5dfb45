"""Good practices as records: their form, figures, likely duplicates, and search by what words mean."""
