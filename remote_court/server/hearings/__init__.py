"""The court's pages and its doors for programs: cases, the diary, sittings."""
