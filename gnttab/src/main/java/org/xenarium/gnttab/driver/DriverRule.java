package org.xenarium.gnttab.driver;

import static org.xenarium.emulator.trace.Rule.Kind.NOTE;
import static org.xenarium.emulator.trace.Rule.Kind.PANIC;
import static org.xenarium.emulator.trace.Rule.Kind.RETURN;
import static org.xenarium.emulator.trace.Rule.Kind.VALUE;

import org.xenarium.emulator.trace.Errno;
import org.xenarium.emulator.trace.Rule;

/** Every outcome of a call into the driver, why it panics, and what it has to remark (docs/reference/driver.md). */
public enum DriverRule implements Rule {
  INIT_01("gnttab_init", "the driver is ready", RETURN, 0),
  INIT_02("gnttab_init", "the table cannot have as many frames as the driver was built for", PANIC, 0),
  INIT_03("gnttab_init", "a grant frame could not be mapped, which only an assertion looks at", NOTE, 0),

  GROW_01("gnttab_grant_access", "the table has as many frames as it may have", NOTE, 0),
  GROW_02("gnttab_grant_access", "a further grant frame could not be mapped", NOTE, 0),
  GROW_03("gnttab_grant_access", "there is no memory for a longer list of free references", NOTE, 0),
  GROW_04("gnttab_grant_access", "D-Z17: copies more of the list than there is", PANIC, 0),

  ACCESS_01("gnttab_grant_access", "granted", VALUE, 0),
  ACCESS_02("gnttab_grant_access", "no reference is free: the invalid one", VALUE, 0),
  ACCESS_03("gnttab_grant_access", "the list is empty although a free reference was counted: 0 is taken", NOTE, 0),

  ENDACC_01("gnttab_end_access", "the reference is reserved or beyond the table", RETURN, -Errno.EINVAL),
  ENDACC_02("gnttab_end_access", "the reference is not handed out", RETURN, -Errno.EINVAL),
  ENDACC_03("gnttab_end_access", "the grant is in use; nothing changes", RETURN, -Errno.EBUSY),
  ENDACC_04("gnttab_end_access", "released", RETURN, 0),
  ENDACC_05("gnttab_end_access", "released, as V0 says it", RETURN, 1),
  ENDACC_06("gnttab_end_access", "the grant is in use, as V0 says it", RETURN, 0),
  ENDACC_07("gnttab_end_access", "D-Z1: the entry is cleared, but the reference stays handed out", RETURN, 0),
  ENDACC_08("gnttab_end_access", "D-Z1: the grant is in use, but the reference is free from now on", RETURN, 0),
  ENDACC_09("gnttab_end_access", "the reference was free already", RETURN, 0),
  ENDACC_10("gnttab_end_access", "D-Z2: interrupts stay masked", NOTE, 0),
  ENDACC_11("gnttab_end_access", "D-Z20: the reference lies beyond the driver's list", PANIC, 0),

  ALLOCG_01("gnttab_alloc_and_grant", "a page is allocated and granted", VALUE, 0),
  ALLOCG_02("gnttab_alloc_and_grant", "the heap has no page", RETURN, -Errno.ENOMEM),
  ALLOCG_03("gnttab_alloc_and_grant", "there is no free reference", RETURN, -Errno.ENOSPC),

  GETPG_01("gnttab_get_pages", "the pages are ready for mappings", VALUE, 0),
  GETPG_02("gnttab_get_pages", "no pages are asked for", RETURN, 0),
  GETPG_03("gnttab_get_pages", "there are not so many free pages in a row", RETURN, 0),
  GETPG_04("gnttab_get_pages", "a page could not be taken out of the physmap; all is as before", RETURN, 0),
  GETPG_05("gnttab_get_pages", "D-Z6: a page could not be taken out of the physmap, and the block is lost", RETURN, 0),
  GETPG_06("gnttab_get_pages", "the pages taken out could not be put back", PANIC, 0),

  PUTPG_01("gnttab_put_pages", "the pages are ordinary memory again", RETURN, 0),
  PUTPG_02("gnttab_put_pages", "no pages are named", RETURN, -Errno.EINVAL),
  PUTPG_03("gnttab_put_pages", "the heap has no room for the list of frames", RETURN, -Errno.ENOMEM),
  PUTPG_04("gnttab_put_pages", "not all pages could be populated; all is as before", RETURN, -Errno.EIO),
  PUTPG_05("gnttab_put_pages", "D-Z8: not all pages could be populated; those that were stay so", RETURN, -Errno.EIO),
  PUTPG_06("gnttab_put_pages", "the pages belong to their region again", RETURN, 0),
  PUTPG_07("gnttab_put_pages", "the address lies in no region", RETURN, -Errno.EIO),
  PUTPG_08("gnttab_put_pages", "more pages than the region has", RETURN, -Errno.EINVAL),
  PUTPG_09("gnttab_put_pages", "not all of these pages were got", RETURN, -Errno.EFAULT),
  PUTPG_10("gnttab_put_pages", "what the region's allocator says is ignored", RETURN, 0),
  PUTPG_11("gnttab_put_pages", "what could be populated could not be taken out again", PANIC, 0),
  PUTPG_12("gnttab_put_pages", "the caller names another base or count than it got", NOTE, 0),
  PUTPG_13("gnttab_put_pages", "a grant is still mapped there", NOTE, 0),

  MAPREF_01("gnttab_map_refs", "the hypercall completed", RETURN, 0),
  MAPREF_02("gnttab_map_refs", "an address lies outside of the extended regions; nothing was done", RETURN, -Errno.EFAULT),
  MAPREF_03("gnttab_map_refs", "a mapping exists at an address, or two are asked for; nothing was done", RETURN, -Errno.EBUSY),
  MAPREF_04("gnttab_map_refs", "what the hypercall returned", VALUE, 0),
  MAPREF_05("gnttab_map_refs", "a page that is mapped gets no virtual address", PANIC, 0),
  MAPREF_06("gnttab_map_refs", "no device space", NOTE, 0),
  MAPREF_07("gnttab_map_refs", "the page stayed out: bad_page after the last retry", NOTE, 0),

  UNMAPREF_01("gnttab_unmap_refs", "what the hypercall returned", VALUE, 0),
  UNMAPREF_02("gnttab_unmap_refs", "an address lies outside of the extended regions; nothing was done", RETURN, -Errno.EFAULT),
  UNMAPREF_03("gnttab_unmap_refs", "the virtual address of a page cannot be removed", PANIC, 0),

  REFS_01("gnttab_map_refs, gnttab_unmap_refs", "the caller names an address that is not page-aligned; Xen rounds it down", NOTE, 0),

  SIZE_01("gnttab_query_size", "what the hypercall returned", VALUE, 0),
  SIZE_02("gnttab_query_size", "a pointer is null", RETURN, -Errno.EINVAL),

  KERNEL_01("k_aligned_alloc", "the block", VALUE, 0),
  KERNEL_02("k_aligned_alloc", "the heap has no such block", RETURN, 0),
  KERNEL_03("k_free", "the block is free", RETURN, 0),
  KERNEL_04("k_free", "no block begins there", PANIC, 0),
  KERNEL_05("kernel", "a load or store of the driver met a hole", PANIC, 0);

  private final Facts facts;

  DriverRule(String operation, String when, Kind kind, int result) {
    facts = new Facts(operation, when, kind, result, "driver.md");
  }

  @Override
  public Facts facts() {
    return facts;
  }
}
