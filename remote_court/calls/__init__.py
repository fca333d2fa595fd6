"""Who may enter a call and when; workers that carry it, devices, attendance and supervision."""
